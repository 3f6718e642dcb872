import pandas as pd


def read_areas(p, m):
    d = pd.read_csv(p, dtype={"deso": str, "kommun_code": str})
    return d[d.kommun_code == m].reset_index(drop=True), ()
