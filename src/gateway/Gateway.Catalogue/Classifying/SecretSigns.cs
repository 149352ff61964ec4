using System.Collections.Frozen;

namespace Gateway.Catalogue.Classifying;

/// <summary>
/// The detection of tools that return a credential, a token or values of the environment to the agent.
/// </summary>
internal static class SecretSigns
{
    private static readonly FrozenSet<string> HandsOut = Set("""
        get read show fetch retrieve obtain acquire request refresh renew create generate gen issue exchange rotate
        regenerate reissue roll export reveal print dump display decrypt access mint derive complete login signin
        authenticate to from obter consultar mostrar gerar obtener generar crear criar
        """);

    private static readonly FrozenSet<string> Secrets = Set("""
        secret credential credentials password passwords passphrase apikey mnemonic kubeconfig jwt keypair privatekey
        otp totp env environ dotenv cookies cookie senha clave contrasena
        """);

    /// <summary>Words before "token" or "key" that make it a credential.</summary>
    private static readonly FrozenSet<string> OfTokens = Set("""
        access oauth oauth2 auth authorization refresh api bearer session client personal login sas identity id jwt
        registration installation bot service deploy guest embed ephemeral temporary
        """);

    private static readonly FrozenSet<string> OfKeys = Set("api access private secret ssh account license encryption");

    /// <summary>Words after a secret that show that the result does not contain it.</summary>
    private static readonly FrozenSet<string> Beyond = Set("""
        info information status metadata list names policy policies url history usage expiry count scopes settings
        config validity schema details vars rate price prices balance balances
        """);

    /// <summary>Words that show that the tool receives a secret or only inspects it.</summary>
    private static readonly FrozenSet<string> Spoils = Set("""
        set store save add update import validate verify check test count limit delete revoke remove configure holders
        transfers supply usage estimate analyze encode tokenize price swap
        """);

    private static readonly FrozenSet<string> Tokens = Set("token tokens");
    private static readonly FrozenSet<string> Keys = Set("key keys");

    /// <summary>Raises a tool to Secret if its name, description or output schema indicates that.</summary>
    public static void Raise(NameReading name, TextReading text, SchemaSigns output, Evidence found)
    {
        if (found.Category is not { } category || category.IsGrave())
            return;
        if (output.Secret is { } member)
            found.AtLeast(ToolCategory.Secret, $"Its result has the member \"{member}\", a secret.");
        else if (Pair(name.Words) is { } pair)
            found.Decide(ToolCategory.Secret, $"Its name says \"{pair}\", which it returns.");
        else if (InName(name, text) is { } word)
            found.AtLeast(ToolCategory.Secret, $"Its name says \"{word}\", which it returns.");
        else if (text.ReturnsSecret is { } returned)
            found.AtLeast(ToolCategory.Secret, $"Its description says that it returns \"{returned}\".");
    }

    private static string? InName(NameReading name, TextReading text)
    {
        var words = name.Words;
        var isHandedOut = words.Any(HandsOut.Contains) || words.Count <= 2;
        var isListed = words.Contains("list") || words.Contains("find");
        for (var at = 0; at < words.Count; at++)
        {
            var (word, before) = (words[at], at > 0 ? words[at - 1] : "");
            var isCut = at + 1 < words.Count && Beyond.Contains(words[at + 1]);
            if (isCut || (!isHandedOut && !isListed))
                continue;
            var isFound = (isHandedOut && (Secrets.Contains(word) || IsToken(words, at, name, text)))
                || (Keys.Contains(word) && (OfKeys.Contains(before) || text.NamesKey))
                || word is "credentials" or "cookies" or "cookie"
                || (word is "variables" && before is "environment" or "env")
                || (word is "wallet" && IsMade(name) && !text.IsCustodial);
            if (isFound && !words.Any(Spoils.Contains))
                return word;
        }

        return null;
    }

    /// <summary>
    /// Returns a word pair of an unambiguous credential in a name with a verb that returns it: <c>create_api_token</c>.
    /// </summary>
    private static string? Pair(IReadOnlyList<string> words)
    {
        if (!words.Any(HandsOut.Contains) || words.Any(Spoils.Contains))
            return null;
        for (var at = 1; at < words.Count; at++)
        {
            var isPair = (Tokens.Contains(words[at]) && OfTokens.Contains(words[at - 1]))
                || (Keys.Contains(words[at]) && OfKeys.Contains(words[at - 1]))
                || (words[at] is "secret" or "secrets" && words[at - 1] is "rotate" or "client");
            if (isPair && (at + 1 == words.Count || !Beyond.Contains(words[at + 1])))
                return $"{words[at - 1]} {words[at]}";
        }

        return null;
    }

    private static bool IsMade(NameReading name) => name.Verb is { Word: "create" or "generate" };

    /// <summary>Returns true for a token that grants access; other tokens are traded or counted.</summary>
    private static bool IsToken(IReadOnlyList<string> words, int at, NameReading name, TextReading text) =>
        Tokens.Contains(words[at])
        && ((at > 0 && OfTokens.Contains(words[at - 1]))
            || (at == words.Count - 1 && name.Money is null && !text.HasMoney));

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
