using System.Text.RegularExpressions;
using Gateway.Policy.Json;

namespace Gateway.Policy.Results;

/// <summary>A ready-made pattern: <c>known</c> of a redaction.</summary>
internal sealed class KnownPattern : TextPattern
{
    private const int CharactersPerStep = 4;
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(2);

    // Formats that their issuers publish. A word alone is none: what is found has a digit where one is always there.
    private static readonly KnownPattern Secret = new("a secret", string.Join('|',
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
        "\\b[A-Za-z][A-Za-z0-9+.-]+://[^\\s/:@\"'<>]*:[^\\s/@\"'<>]+@"),
        static found => found.ContainsAnyInRange('0', '9') || found.Contains("://", StringComparison.Ordinal)
            || found.StartsWith("-----", StringComparison.Ordinal));

    private static readonly KnownPattern Email = new("an e-mail address",
        @"[\p{L}\p{N}._%+'&/=-]+@(?:[\p{L}\p{N}-]+\.)+\p{L}[\p{L}\p{N}-]+",
        static _ => true);

    private readonly Regex _regex;
    private readonly Func<ReadOnlySpan<char>, bool> _isMeant;

    private KnownPattern(string name, string expression, Func<ReadOnlySpan<char>, bool> isMeant)
    {
        Name = name;
        _isMeant = isMeant;
        _regex = new Regex(
            expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeMax);
    }

    public static string[] Names { get; } = ["card_number", "secret", "email"];

    public override string Name { get; }

    public static TextPattern Of(string name) => name switch
    {
        "card_number" => new CardNumbers(),
        "secret" => Secret,
        _ => Email,
    };

    public override void Find(string text, WorkBudget work, List<TextSpan> found)
    {
        if (!work.Spend(1 + (text.Length / CharactersPerStep)))
            return;
        try
        {
            foreach (var match in _regex.EnumerateMatches(text))
            {
                if (_isMeant(text.AsSpan(match.Index, match.Length)))
                    found.Add(new TextSpan(match.Index, match.Length));
            }
        }
        catch (RegexMatchTimeoutException)
        {
            work.Exhaust();
        }
    }
}
