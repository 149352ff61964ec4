namespace Gateway.Control.Updating;

/// <summary>The configuration file.</summary>
public sealed record ConfigFileOptions
{
    /// <summary>The file, which the gateway watches; null if all configuration comes over the API.</summary>
    public string? Path { get; init; }

    /// <summary>The address at which agents reach the gateway; replaces <c>publicUrl</c> of the file.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Looks up <c>${NAME}</c> of the file.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;
}
