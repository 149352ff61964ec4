namespace Gateway.Acquire.Tests.Serving;

/// <summary>A test of an example that a program runs, which may be missing or too old here.</summary>
internal sealed class ExampleFactAttribute : FactAttribute
{
    /// <param name="program">What runs it.</param>
    /// <param name="proof">Arguments with which it ends with 0 where it can; none where it always can.</param>
    public ExampleFactAttribute(string program, params string[] proof)
    {
        if (!SearchPath.Has(program) || (proof.Length > 0 && !Ends(program, proof)))
            Skip = $"{program} is missing here, or too old for the example";
    }

    private static bool Ends(string program, string[] proof)
    {
        using var process = Process.Start(new ProcessStartInfo(program, proof) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
