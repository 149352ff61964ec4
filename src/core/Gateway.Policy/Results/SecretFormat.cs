using static Gateway.Policy.Results.SecretPart;

namespace Gateway.Policy.Results;

/// <summary>A published format of an issuer's secrets.</summary>
/// <param name="Prefixes">The possible prefixes of the secret.</param>
/// <param name="Parts">The parts after the prefix.</param>
internal sealed record SecretFormat(string[] Prefixes, params SecretPart[] Parts)
{
    /// <summary>True if the prefix must begin a word.</summary>
    public bool IsWord { get; init; }

    /// <summary>True if the prefix is compared without regard to case.</summary>
    public bool IgnoresCase { get; init; }

    /// <summary>
    /// All formats that begin with a prefix. Each secret contains a digit, so that plain words do not match.
    /// </summary>
    public static SecretFormat[] All { get; } =
    [
        new(["AKIA", "ASIA", "ABIA", "ACCA"], Run(Capital, 16, 16)),
        new(
            [
                "awssecretaccesskey", "aws_secretaccesskey", "awssecret_accesskey", "awssecretaccess_key",
                "aws_secret_accesskey", "aws_secretaccess_key", "awssecret_access_key", "aws_secret_access_key",
            ],
            Run("\"'\\", 0, 2), Run(" \t\r\n\f\v\u00A0", 0, 3), Run("=:", 1, 1), Run(" \t\r\n\f\v\u00A0", 0, 3),
            Run("\"'\\", 0, 2), Run(Base64Padded, 40, 40)) { IgnoresCase = true },
        new(["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], Run(Word, 36)),
        new(["github_pat_"], Run(WordUnderscore, 22)),
        new(["glpat-"], Run(Token, 20)),
        new(
            [.. "abeoprs".SelectMany(static kind => new[] { $"xox{kind}-", $"xox{kind}.xoxb-", $"xox{kind}.xoxp-" })],
            Run(WordHyphen, 10)),
        new(["xapp-"], Run("0123456789", 1, 1), Literal("-"), Run(WordHyphen, 10)),
        new(["hooks.slack.com/services/T"],
            Run(WordUnderscore, 1), Literal("/B"), Run(WordUnderscore, 1), Literal("/"), Run(WordUnderscore, 1)),
        new(["eyJ"], Run(Token, 10), Literal(".eyJ"), Run(Token, 10), Run(".", 0, 1), Run(Token, 0)),
        new(["bearer ", "authorization:basic ", "authorization: basic "],
            Run(" ", 0), Run(Credential, 16), Run("=", 0, 2)) { IsWord = true, IgnoresCase = true },
        new(["sk-"], Run(Token, 20)) { IsWord = true },
        new(["sk_live_", "sk_test_", "rk_live_", "rk_test_"], Run(Word, 16)) { IsWord = true },
        new(["whsec_"], Run(Word, 24)) { IsWord = true },
        new(["AIza"], Run(Token, 35, 35)),
        new(["ya29."], Run(Token, 20)),
        new(["pgw_"], Run(Token, 16)) { IsWord = true },
        new(["npm_"], Run(Word, 36, 36)) { IsWord = true },
        new(["pypi-"], Run(Token, 50)) { IsWord = true },
        new(["SG."], Run(Token, 16), Literal("."), Run(Token, 16)) { IsWord = true },
        new(["hf_"], Run(Word, 30)) { IsWord = true },
        new(["doo_v1_", "dop_v1_", "dor_v1_"], Run(Hex, 64, 64)) { IsWord = true },
        new(["AccountKey=", "SharedAccessKey="], Run(Base64, 40), Run("=", 0, 2)) { IgnoresCase = true },
    ];
}
