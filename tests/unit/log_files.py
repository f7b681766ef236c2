"""Training logs as other programs write them."""

import csv
import json

import numpy as np

STEPS = np.arange(1, 41)
RATE = 0.01


def loss_at(steps, end=0.5):
    return end + 2.0 * np.asarray(steps, dtype=float) ** -0.5


def write_csv(path, columns, delimiter=","):
    """Write a mapping of columns; None is an empty cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def write_jsonl(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def write_lightning(folder, epochs=4, steps_per_epoch=10):
    """Write what CSVLogger writes: training loss, learning rate and validation loss, each in rows of its own."""
    keys = ["epoch", "lr-Adam", "step", "train_loss", "val_loss"]
    path = folder / "metrics.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=keys)
        writer.writeheader()
        for step in range(epochs * steps_per_epoch):
            epoch = step // steps_per_epoch
            writer.writerow({"epoch": epoch, "step": step, "lr-Adam": RATE * 0.5**epoch})
            writer.writerow({"epoch": epoch, "step": step, "train_loss": loss_at(step + 1)})
            if step % steps_per_epoch == steps_per_epoch - 1:
                writer.writerow({"epoch": epoch, "step": step, "val_loss": loss_at(step + 1) + 0.1})
    return path


def write_trainer_state(folder):
    """Write what the Trainer saves beside a checkpoint: losses, evaluations, and a summary at the end."""
    history = []
    for step in range(10, 401, 10):
        entry = {"epoch": step / 100, "grad_norm": 1.0, "learning_rate": RATE * (1 - step / 400)}
        history.append({**entry, "loss": float(loss_at(step)), "step": step})
        if step % 100 == 0:
            history.append({"epoch": step / 100, "eval_loss": 1.0, "eval_runtime": 3.2, "step": step})
    history.append({"epoch": 4.0, "step": 400, "total_flos": 1.0e15, "train_loss": 0.9, "train_runtime": 60.0})
    state = {"best_metric": None, "epoch": 4.0, "global_step": 400, "log_history": history, "max_steps": 400}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "trainer_state.json"
    path.write_text(json.dumps(state, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return path


def write_wandb_panel(path):
    """Write a panel's export: each run's metric with the extremes of its buckets, empty where a run has no point."""
    columns = {"Step": STEPS}
    for run, last in (("proud-sun-1", 40), ("blue - sky", 30)):
        loss = [value if step <= last else None for step, value in zip(STEPS, loss_at(STEPS), strict=True)]
        for ending in ("", "__MIN", "__MAX"):
            columns[f"{run} - _step{ending}"] = STEPS
            columns[f"{run} - train/loss{ending}"] = loss
    return write_csv(path, columns)


def wandb_history():
    """Return a run's history: rows from step 0, an evaluation now and then, a loss that is NaN, as text."""
    for step in range(41):
        yield {"_step": step, "_runtime": 0.1 * step, "train/loss": float(loss_at(step + 1)), "lr": RATE}
        if step % 10 == 0:
            yield {"_step": step, "_runtime": 0.1 * step, "val/loss": 3.0}
    yield {"_step": 41, "_runtime": 4.1, "train/loss": "NaN", "lr": RATE}


def write_events(folder, tags=("loss/train", "lr", "loss/val"), steps=range(1, 41), **keys):
    """Write event files with PyTorch's SummaryWriter."""
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(folder)) as writer:
        writer.add_text("note", "not a scalar")
        for step in steps:
            values = {"loss/train": loss_at(step), "lr": RATE, "loss/val": 3.0}
            for tag in tags:
                writer.add_scalar(tag, float(values[tag]), step, **keys)
    return folder
