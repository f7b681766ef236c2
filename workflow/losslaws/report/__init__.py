"""``report.html``: the answer as one self-contained page, composed of what each analysis has to say."""
