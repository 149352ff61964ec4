using System.Collections.Frozen;

namespace Gateway.Catalogue.Classifying;

/// <summary>Detects tools that return a credential, a token or values of the environment to the agent.</summary>
internal static class SecretSigns
{
    private static readonly FrozenSet<string> HandsOut = Set("""
        get read show fetch retrieve obtain acquire request refresh renew create generate gen issue exchange rotate
        regenerate reissue roll export reveal print dump display decrypt access mint derive complete login signin
        authenticate obter consultar mostrar gerar obtener generar crear criar
        """);

    private static readonly FrozenSet<string> Secrets = Set("""
        secret credential credentials password passwords passphrase apikey mnemonic kubeconfig jwt keypair privatekey
        otp totp env environ dotenv senha clave contrasena
        """);

    /// <summary>Words before "token" or "key" that make it a credential.</summary>
    private static readonly FrozenSet<string> OfTokens = Set("""
        access oauth oauth2 auth authorization refresh api bearer session client personal login sas identity id jwt
        registration installation bot service deploy guest embed ephemeral temporary
        """);

    private static readonly FrozenSet<string> OfKeys = Set("api access private secret ssh account license encryption");

    /// <summary>Words after a secret that leave nothing of it in the result.</summary>
    private static readonly FrozenSet<string> Beyond = Set("""
        info information status metadata list names policy policies url history usage expiry count scopes settings
        config validity schema details vars rate price prices balance balances
        """);

    private static readonly FrozenSet<string> Tokens = Set("token tokens");
    private static readonly FrozenSet<string> Keys = Set("key keys");

    /// <summary>Raises a tool to Secret where its name, description or output schema says so.</summary>
    public static void Raise(NameReading name, TextReading text, SchemaSigns output, Evidence found)
    {
        if (found.Category is not { } category || category.IsGrave())
            return;
        if (output.Secret is { } member)
            found.AtLeast(ToolCategory.Secret, $"Its result has the member \"{member}\", a secret.");
        else if (InName(name) is { } word)
            found.AtLeast(ToolCategory.Secret, $"Its name says \"{word}\", which it returns.");
        else if (text.ReturnsSecret is { } returned)
            found.AtLeast(ToolCategory.Secret, $"Its description says that it returns \"{returned}\".");
    }

    private static string? InName(NameReading name)
    {
        var words = name.Words;
        if (!words.Any(HandsOut.Contains))
            return null;
        for (var at = 0; at < words.Count; at++)
        {
            if (at + 1 < words.Count && Beyond.Contains(words[at + 1]))
                continue;
            var before = at > 0 ? words[at - 1] : "";
            if (Secrets.Contains(words[at])
                || (Tokens.Contains(words[at]) && OfTokens.Contains(before))
                || (Keys.Contains(words[at]) && OfKeys.Contains(before))
                || (words[at] is "variables" && before is "environment" or "env"))
            {
                return words[at];
            }
        }

        return null;
    }

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
