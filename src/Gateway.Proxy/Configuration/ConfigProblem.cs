namespace Gateway.Proxy.Configuration;

/// <summary>One thing that is wrong with a configuration: where, what, and the way out.</summary>
/// <param name="Place"><c>file:line:column</c>, or the file and a JSON Pointer into it.</param>
/// <param name="Message">What is wrong and what would be right, as one sentence.</param>
public sealed record ConfigProblem(string Place, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Place}: {Message}";
}
