namespace Gateway.Faults.Reporting;

/// <summary>Counts of checks that passed and failed, with a line for each failure.</summary>
internal sealed class CheckTotals(TextWriter output)
{
    public int Passed { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Counts one check.</summary>
    /// <param name="name">The name of the check.</param>
    /// <param name="problems">The problems; empty if there are none.</param>
    /// <param name="isRequired">True if problems fail the run; otherwise they are reported and not counted.</param>
    public void Check(string name, IReadOnlyList<string> problems, bool isRequired = true)
    {
        if (problems.Count == 0)
        {
            Passed++;
            return;
        }

        if (isRequired) Failed++;
        output.WriteLine($"{(isRequired ? "!!" : "-- not evaluated:")} {name}: {problems.Count}");
        foreach (var problem in problems.Take(5)) output.WriteLine($"     {problem}");
    }
}
