using System.Text.Json;

namespace Gateway.Admin.SignIn;

/// <summary>A new passkey of the caller.</summary>
internal sealed record PasskeyInput
{
    /// <summary>The name, unique among the caller's passkeys.</summary>
    public required string Name { get; init; }

    /// <summary>The result of <c>navigator.credentials.create</c>, as JSON.</summary>
    public required JsonElement Credential { get; init; }
}
