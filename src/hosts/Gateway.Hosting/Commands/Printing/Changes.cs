namespace Gateway.Hosting.Commands.Printing;

/// <summary>The output of changes, made or planned, one per line.</summary>
internal static class Changes
{
    /// <param name="output">The output.</param>
    /// <param name="changes">The changes, each in the imperative.</param>
    /// <param name="isDry">True if they are planned.</param>
    /// <param name="none">The text that replaces an empty list; null for the usual one.</param>
    public static void Print(Output output, IEnumerable<string> changes, bool isDry, string? none = null)
    {
        var any = false;
        foreach (var change in changes)
        {
            output.Line(isDry ? $"would {change}" : change);
            any = true;
        }

        if (!any)
            output.Line(none ?? (isDry ? "Nothing would change." : "Nothing has changed."));
    }
}
