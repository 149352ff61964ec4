namespace Gateway.Faults.Checking;

/// <summary>What the checks say of a history.</summary>
internal sealed record CheckResult(Analysis Analysis, IReadOnlyList<Violation> Violations)
{
    /// <summary>Why calls were denied as unavailable, and how often.</summary>
    public IReadOnlyDictionary<string, int> Unavailable { get; init; } = new Dictionary<string, int>();

    /// <summary>The violations of one property in the phases of one name.</summary>
    public IReadOnlyList<Violation> Of(Property property, string phase) =>
        [.. Violations.Where(violation => violation.Property == property && PhaseAt(violation.AtMs) == phase)];

    /// <summary>The phase of a moment; what lies outside counts to the nearest.</summary>
    public string PhaseAt(long atMs)
    {
        var phases = Analysis.History.Phases;
        return (phases.FirstOrDefault(phase => atMs < phase.ToMs) ?? phases[^1]).Name;
    }

    /// <summary>Faults that began in the phases of one name.</summary>
    public IReadOnlyList<Fault> FaultsIn(string phase) =>
        [.. Analysis.History.Faults.Where(fault => PhaseAt(fault.FromMs) == phase)];
}
