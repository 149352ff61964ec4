using Gateway.Policy.Results;

namespace Gateway.Policy.Tests.Oracle;

/// <summary>The formats of secrets as one regular expression, and pieces of secrets and of near misses.</summary>
internal static class OracleSecrets
{
    private static readonly Regex Expression = new(string.Join('|',
        "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}",
        @"(?i:aws_?secret_?access_?key)[""'\\]{0,2}\s{0,3}[=:]\s{0,3}[""'\\]{0,2}[A-Za-z0-9/+=]{40}",
        "gh[pousr]_[A-Za-z0-9]{36,}",
        "github_pat_[A-Za-z0-9_]{22,}",
        "glpat-[A-Za-z0-9_-]{20,}",
        "xox[abeoprs](?:\\.xox[bp])?-[A-Za-z0-9-]{10,}",
        "xapp-[0-9]-[A-Za-z0-9-]{10,}",
        "hooks\\.slack\\.com/services/T[A-Za-z0-9_]+/B[A-Za-z0-9_]+/[A-Za-z0-9_]+",
        "eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}(?:\\.[A-Za-z0-9_-]*)?",
        "-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
            + "(?:[^-]|-[^-])*(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----)?",
        "(?i:\\bbearer|\\bauthorization: ?basic) +[A-Za-z0-9._~+/-]{16,}={0,2}",
        "\\bsk-(?:(?:proj|svcacct|admin|or-v1|ant-[a-z0-9]+)-)?[A-Za-z0-9_-]{20,}",
        "\\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",
        "\\bwhsec_[A-Za-z0-9]{24,}",
        "AIza[A-Za-z0-9_-]{35}",
        "ya29\\.[A-Za-z0-9_-]{20,}",
        "\\bpgw_[A-Za-z0-9_-]{16,}",
        "\\bnpm_[A-Za-z0-9]{36}",
        "\\bpypi-[A-Za-z0-9_-]{50,}",
        "\\bSG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}",
        "\\bhf_[A-Za-z0-9]{30,}",
        "\\bdo[opr]_v1_[a-f0-9]{64}",
        "(?i:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}={0,2}",
        "\\b[A-Za-z][A-Za-z0-9+.-]+://[^\\s/:@\"'<>]*:[^\\s/@\"'<>]+@"), RegexOptions.CultureInvariant);

    public static readonly string[] Pieces =
    [
        "AKIA", "ASIA", "IOSFODNN7EXAMPLE", "aws_secret_access_key", "AWSSecretAccessKey", " = ", "=", ": ", "\"", "'",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "ghp_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxe.xoxp-",
        "xapp-",
        "1-", "hooks.slack.com/services/T", "T0", "/B", "0/", "eyJ", ".eyJ", ".", "hbGciOiJIUzI1NiJ9", "-----BEGIN ",
        "RSA ", "PRIVATE " + "KEY-----", "\nMIIE\n", "--", "-", "-----END ", "Bearer ",
        "authorization: Basic ", " ", "sk-",
        "proj-", "ant-api03-", "sk_live_", "rk_test_", "whsec_", "AIza", "ya29.", "pgw_", "npm_",
        "pypi-", "SG.", "hf_", "dop_v1_",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "0123456789abcdefghij",
        "abcdefghijklmnopqrst",
        "AccountKey=", "SharedAccessKey=", "==", "x", "_", "postgres", "a+b", "://", "app", ":", "hunter2",
        "@", "/", "<", "é",
    ];

    public static IEnumerable<TextSpan> Find(string text) =>
        from match in Expression.Matches(text)
        where match.Value.Any(char.IsAsciiDigit) || match.Value.Contains("://", StringComparison.Ordinal)
            || match.Value.StartsWith("-----", StringComparison.Ordinal)
        select new TextSpan(match.Index, match.Length);
}
