"""Taxes and transfers that turn wages into disposable income."""

from pydantic import Field

from segsim.section import Section, Share


class IncomeRules(Section):
    """Income tax, insurance and allowances at the level of 2022, simplified; amounts in tkr a year."""

    local_tax: Share = Field(0.3224, description="Municipal and regional tax (B, mean of 2022).")
    basic_allowance: float = Field(
        20.0, ge=0, description="Basic allowance under 65; 13 to 37 by income (C)."
    )
    elderly_allowance: float = Field(
        75.0, ge=0, description="Basic allowance from 65, with its supplement (C)."
    )
    work_credit: Share = Field(0.09, description="Earned-income tax credit as a share of wages (C).")
    work_credit_cap: float = Field(34.0, ge=0, description="Largest earned-income tax credit (C).")
    state_tax: Share = Field(0.20, description="State tax on what is above its threshold (B).")
    state_threshold: float = Field(555.0, ge=0, description="Income from which state tax is paid (B, 2022).")
    unemployment_rate: Share = Field(
        0.7,
        description="Unemployment benefit as a share of the latest wage: 80 % falling to 65 % (C).",
    )
    unemployment_cap: float = Field(290.0, ge=0, description="Largest unemployment benefit (C).")
    outside_rate: Share = Field(
        0.45,
        description="Sickness and other benefits outside the labour force as a share of the "
        "latest wage; 64.5 % when in full (C).",
    )
    outside_cap: float = Field(290.0, ge=0, description="Largest such benefit (C).")
    pension_rate: Share = Field(0.6, description="Pension as a share of the latest wage (C).")
    pension_floor: float = Field(
        125.0, ge=0, description="Least pension: guarantee pension and housing supplement, before tax (C)."
    )
    study_grant: float = Field(
        39.0,
        ge=0,
        description="Grant part of study support from 20, untaxed; loans are no income (B, about 2022).",
    )
    child_allowance: float = Field(
        15.0, ge=0, description="Allowance per child under 16 (B, 1 250 SEK a month)."
    )
    assistance: float = Field(
        112.0,
        ge=0,
        description="Social assistance lifts a household to this much per consumption unit (C, national norm "
        "plus a reasonable rent).",
    )
