namespace Gateway.Admin.Identity.Passkeys;

/// <summary>A challenge that a browser signs.</summary>
/// <param name="State">The state written by the framework's handler.</param>
/// <param name="Hash">The hash by which a used challenge is recognized.</param>
/// <param name="End">The expiry of the challenge.</param>
public sealed record PasskeyChallenge(string State, string Hash, DateTimeOffset End);
