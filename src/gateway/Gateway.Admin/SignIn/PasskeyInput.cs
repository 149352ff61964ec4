using System.Text.Json;

namespace Gateway.Admin.SignIn;

/// <summary>A new passkey of one's own.</summary>
internal sealed record PasskeyInput
{
    /// <summary>What it is called among one's passkeys.</summary>
    public required string Name { get; init; }

    /// <summary>What <c>navigator.credentials.create</c> gave, as JSON.</summary>
    public required JsonElement Credential { get; init; }
}
