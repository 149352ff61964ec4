using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Proxy.Scanning;

/// <summary>
/// Phrases that address a model instead of describing a tool. Phrases of ordinary documentation, such as "call this
/// first" and "important", are not findings.
/// </summary>
internal static class InjectedText
{
    private static readonly Regex Ignore = new(
        @"\b(ignore|disregard|forget|override|bypass)( all| any)?( of)?( the| your| these)?"
        + @" (previous|prior|above|earlier|preceding|other|system|original|existing)( system| user)?"
        + @" (instructions?|prompts?|rules|guidelines|directives|context)\b"
        + @"|\b(ignora|olvida|desestima)( todas)?( las| tus)? instrucciones( anteriores| previas| del sistema)"
        + @"|\b(ignore|esqueca|esqueça|desconsidere)( todas)?( as| suas)?"
        + @" (instrucoes|instruções)( anteriores| do sistema)"
        + @"|(忽略|无视)(之前|以上|先前|前面|所有)?的?(所有)?(指令|指示|提示)",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static readonly Regex Silence = new(
        @"\b(do not|don't|dont|never|must not) (tell|inform|notify|alert|let"
        + @"|(mention|reveal|show)( this| it| that)? to) (the |your )?(user|human)s?\b"
        + @"|\bwithout (telling|informing|notifying|alerting|asking) (the |your )?(user|human)"
        + @"|\b(hide|conceal|keep) (this|it|that)( secret| hidden)? from (the |your )?(user|human)"
        + @"|\bno (le )?(digas|informes|avises) (esto )?al usuario|\bnao (diga|informe|conte) (isso )?ao usuario"
        + @"|\bnão (diga|informe|conte) (isso )?ao usuário|(不要|别)(告诉|通知|提示)用户",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static readonly Regex Role = new(
        @"</?(system|important|secret|instructions?|hidden|assistant)>|<\|(im_start|im_end|system|endoftext)\|>"
        + @"|\[/?(inst|system)\]|\byou are now (a|an|in|the) |\bnew system prompt\b",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static readonly Regex Secrets = new(
        @"(~|\$home|/home/[^ ]*|/root)/\.(ssh|aws|gnupg|kube|netrc|cursor|claude)\b|\bid_(rsa|ed25519|ecdsa)\b"
        + @"|/etc/(passwd|shadow)\b|\.cursor/mcp\.json|claude_desktop_config\.json",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static readonly Regex Elsewhere = new(
        @"\b(send|forward|post|upload|exfiltrate|append|pass|include|copy)\b[^.!?]{0,60}"
        + @"\b(conversation|chat history|system prompt|previous messages|api keys?|credentials|environment variables)\b"
        + @"[^.!?]{0,60}( to http| to https|@|sidenote| as (a |the )?(hidden|extra|side))",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static readonly (Regex Words, string What)[] All =
    [
        (Ignore, "It tells its reader to set other instructions aside."),
        (Silence, "It tells its reader to keep something from the user."),
        (Role, "It has a mark that begins a message of the system."),
        (Secrets, "It asks for files that hold keys or passwords."),
        (Elsewhere, "It tells its reader to send what was said elsewhere."),
    ];

    /// <summary>Returns a description of the finding, or null if there is none.</summary>
    public static string? In(string text)
    {
        var plain = Plain(text);
        foreach (var (words, what) in All)
        {
            if (words.IsMatch(plain))
                return what;
        }

        return null;
    }

    /// <summary>
    /// Normalizes the text as a reader sees it: full-width letters become plain, each run of whitespace one space, and
    /// all letters lower case.
    /// </summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
                plain.Append(char.ToLowerInvariant(DefinitionPlace.Narrow(c)));
            else if (plain.Length > 0 && plain[^1] != ' ')
                plain.Append(' ');
        }

        return plain.ToString();
    }
}
