
namespace Gateway.Control.Contracts;

/// <summary>A grant in the configuration file, with the members that only the file has.</summary>
internal sealed record GrantFile : FormerlyNamedGrantSpec
{
    /// <summary>The only server, instead of <see cref="GrantSpec.Servers"/>.</summary>
    [Member("The server that the grant reaches. For several servers, use \"servers\".", Example = "\"crm\"", Order = 1)]
    public string? Server { get; set; }

    /// <summary>The policy for <see cref="Server"/>.</summary>
    [Member("The policy for \"server\". Absent: every call is denied.", Example = "\"support\"", Order = 2)]
    public string? Policy { get; set; }

    /// <summary>The bearer token.</summary>
    [Member("The token: 16 to 512 visible ASCII characters, unique per grant. Alternatively, write \"tokenHash\".",
        Example = "\"${BOT_TOKEN}\"", Order = 4)]
    public string? Token { get; set; }

    /// <summary>The SHA-256 of the token, instead of <see cref="Token"/>.</summary>
    [Member("The SHA-256 hash of the token: \"sha256:\" and 64 hexadecimal digits.", Order = 5,
        Example = "\"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"")]
    public string? TokenHash { get; set; }

    /// <summary>The rules for proofs of possession.</summary>
    [Member("Rules for DPoP proofs: \"required\" (every token is bound to a key), \"contentDigest\" (every proof has "
        + "the digest of the body), \"once\" (each proof is accepted once by the fleet, in place of a nonce).",
        Example = "[\"required\", \"contentDigest\"]", Order = 5)]
    public List<string>? Proofs { get; set; }
}
