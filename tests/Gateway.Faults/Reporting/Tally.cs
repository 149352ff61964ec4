namespace Gateway.Faults.Reporting;

/// <summary>Checks that passed and failed, and a line for each that failed.</summary>
internal sealed class Tally(TextWriter output)
{
    public int Passed { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Counts one check.</summary>
    /// <param name="name">What was checked.</param>
    /// <param name="problems">What is wrong; empty if nothing is.</param>
    /// <param name="isJudged">Whether problems fail the run; else they are reported and not counted.</param>
    public void Check(string name, IReadOnlyList<string> problems, bool isJudged = true)
    {
        if (problems.Count == 0)
        {
            Passed++;
            return;
        }

        if (isJudged) Failed++;
        output.WriteLine($"{(isJudged ? "!!" : "-- not judged:")} {name}: {problems.Count}");
        foreach (var problem in problems.Take(5)) output.WriteLine($"     {problem}");
    }
}
