namespace Telemetry.Ingestion;

/// <summary>
/// What a clock's estimator keeps between records, besides remembered estimates. A change of it is one of
/// <see cref="ClockFormat"/> and of the version that <see cref="GatewayClocks"/> writes.
/// </summary>
internal struct ClockMemory
{
    /// <summary>The run of the clock that its times are corrected by.</summary>
    public DelayEnvelope Main;

    /// <summary>Larger delays that may prove a jump back; or a buffer.</summary>
    public DelayEnvelope High;

    /// <summary>Smaller delays that may prove a jump ahead; or strays.</summary>
    public DelayEnvelope Low;

    /// <summary>Times from the firmware's beginning.</summary>
    public DelayEnvelope Reset;

    /// <summary>The last time of <see cref="Reset"/>.</summary>
    public long ResetNewest;

    /// <summary>How old the first record after a reset can have been.</summary>
    public long ResetAge;

    /// <summary>Arrival of the last record.</summary>
    public long LastArrival;

    /// <summary>Arrival at which an estimate was last remembered.</summary>
    public long LastKnot;

    /// <summary>Bound of the error of live times.</summary>
    public long LastUncertainty;

    /// <summary>Arrival since which <see cref="State"/> holds.</summary>
    public long Since;

    /// <summary>Added to live times.</summary>
    public long Applied;

    /// <summary>Arrival since which a clock that is not corrected looks wrong; 0: it looks right.</summary>
    public long WrongSince;

    /// <summary>Records near <see cref="Main"/> since <see cref="Low"/> began.</summary>
    public int OnLevel;

    /// <summary>Number of the run; jumps count it up.</summary>
    public int Run;

    /// <summary>True when <see cref="Main"/> is proven.</summary>
    public bool IsProven;

    /// <summary>True while the clock is wrong enough.</summary>
    public bool IsCorrecting;

    /// <summary>What is known.</summary>
    public ClockState State;

    /// <summary>What is known of a clock that does not jump.</summary>
    public readonly ClockState SettledState => IsCorrecting ? ClockState.Corrected : ClockState.Good;

    /// <summary>
    /// Decides what is added to live times: nothing to those of a clock that is right to a few seconds, and what is
    /// added moves in steps.
    /// </summary>
    /// <param name="isSure">False while a single record may have told of it that waited a little.</param>
    public void Settle(bool isSure)
    {
        long level = Main.Level;
        bool isWrong = Math.Abs(level) >= (IsCorrecting ? ClockAssumptions.CorrectUntil : ClockAssumptions.CorrectFrom);
        WrongSince = !isWrong ? 0 : WrongSince == 0 ? Main.At : WrongSince;
        IsCorrecting = isWrong && (IsCorrecting || isSure || Main.At - WrongSince >= ClockAssumptions.ProofSpan);
        if (!IsCorrecting)
        {
            Applied = 0;
        }
        else if (Math.Abs(level - Applied) >= ClockAssumptions.Step)
        {
            Applied = level / ClockAssumptions.Step * ClockAssumptions.Step;
        }
    }
}
