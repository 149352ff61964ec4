namespace Gateway.Admin.Identity.Passkeys;

/// <summary>What a browser was asked to sign.</summary>
/// <param name="State">As the framework's handler wrote it.</param>
/// <param name="Hash">By which it is known that it was answered.</param>
/// <param name="End">When it can be answered no more.</param>
public sealed record PasskeyChallenge(string State, string Hash, DateTimeOffset End);
