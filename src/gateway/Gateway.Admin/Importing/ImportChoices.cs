namespace Gateway.Admin.Importing;

/// <summary>What a file does not say of itself.</summary>
/// <param name="Format">One of <see cref="PolicyImporter.Formats"/>.</param>
public sealed record ImportChoices(string Format)
{
    /// <summary>Of Intercept: who shares its counters, <c>grant</c> or <c>server</c>.</summary>
    public string Scope { get; init; } = "grant";

    /// <summary>Of Docker's gateway: the server whose tools are meant.</summary>
    public string? Server { get; init; }

    /// <summary>Of Envoy: the descriptor that names a tool.</summary>
    public string ToolKey { get; init; } = "tool";

    /// <summary>Of Envoy: the descriptor that names a grant.</summary>
    public string GrantKey { get; init; } = "grant";
}
