namespace Gateway.Hosting.Commands.Printing;

/// <summary>The output of changes, made or planned, one per line.</summary>
internal static class Changes
{
    public static void Print(Output output, IEnumerable<string> changes, bool isDry)
    {
        var any = false;
        foreach (var change in changes)
        {
            output.Line(isDry ? $"would {change}" : change);
            any = true;
        }

        if (!any)
            output.Line(isDry ? "Nothing would change." : "Nothing has changed.");
    }
}
