using System.Collections.Immutable;

namespace Gateway.Control.Snapshots;

/// <summary>What a grant requires of the proofs that its callers hold the keys of their tokens (RFC 9449).</summary>
[Flags]
public enum ProofRules
{
    /// <summary>Only tokens that are bound to a key need a proof, each with a nonce of the gateway.</summary>
    None = 0,

    /// <summary>Every token must be bound to a key.</summary>
    Required = 1,

    /// <summary>Every proof of a POST must contain the digest of the body.</summary>
    ContentDigest = 2,

    /// <summary>Every proof is accepted once by the whole fleet, in place of a nonce.</summary>
    Once = 4,
}

/// <summary>The names of <see cref="ProofRules"/> in the configuration.</summary>
public static class ProofRuleNames
{
    /// <summary>The names, in the order of the values.</summary>
    public static ImmutableArray<string> All { get; } = ["required", "contentDigest", "once"];

    /// <summary>Returns the rule of a name; null for any other text.</summary>
    public static ProofRules? Parse(string name) =>
        All.IndexOf(name) is >= 0 and var index ? (ProofRules)(1 << index) : null;
}
