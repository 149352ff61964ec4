namespace Gateway.Faults.Reporting;

/// <summary>Checks that passed and failed, and a line for each that failed.</summary>
internal sealed class CheckTotals(TextWriter output)
{
    public int Passed { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Counts one check.</summary>
    /// <param name="name">What was checked.</param>
    /// <param name="problems">What is wrong; empty if nothing is.</param>
    /// <param name="isRequired">Whether problems fail the run; else they are reported and not counted.</param>
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
