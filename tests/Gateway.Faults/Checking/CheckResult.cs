namespace Gateway.Faults.Checking;

/// <summary>The result of the checks on a history.</summary>
internal sealed record CheckResult(Analysis Analysis, IReadOnlyList<Violation> Violations)
{
    /// <summary>The reasons why calls were denied as unavailable, with their counts.</summary>
    public IReadOnlyDictionary<string, int> Unavailable { get; init; } = new Dictionary<string, int>();

    /// <summary>Returns the violations of one property in the phases with a name.</summary>
    public IReadOnlyList<Violation> Of(Property property, string phase) =>
        [.. Violations.Where(violation => violation.Property == property && PhaseAt(violation.AtMs) == phase)];

    /// <summary>Returns the phase of a moment; a moment outside counts to the nearest phase.</summary>
    public string PhaseAt(long atMs)
    {
        var phases = Analysis.History.Phases;
        return (phases.FirstOrDefault(phase => atMs < phase.ToMs) ?? phases[^1]).Name;
    }

    /// <summary>Returns the faults that began in the phases with a name.</summary>
    public IReadOnlyList<Fault> FaultsIn(string phase) =>
        [.. Analysis.History.Faults.Where(fault => PhaseAt(fault.FromMs) == phase)];
}
