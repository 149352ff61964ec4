using System.Text.RegularExpressions;
using Gateway.Storage.Postgres.Connections;

namespace Gateway.Hosting.Options;

/// <summary>A secret in <c>--store</c>, which every user of the machine can read there.</summary>
public static partial class ShownSecret
{
    /// <summary>Warns of the secret; a value from the environment is not visible to others.</summary>
    public static void Warn(string? store, TextWriter errors, string option = "--store")
    {
        if (SecretOf(store) is not { } secret) return;
        errors.WriteLine($"warning: {option} holds a {secret}, and every user of this machine can read command lines: "
            + (secret == "password" && option != "--store" ? "give only the password as PGPASSWORD"
                : secret == "password" ? "give the URL as GATEWAY_STORE, or only the password as PGPASSWORD"
                : "give it as GATEWAY_STORE"));
    }

    /// <summary>Returns the value of an option without its secret.</summary>
    internal static string Hide(string value) => SecretOf(value) switch
    {
        // For any other URL, a password before a host is hidden too.
        null => value.Contains("://", StringComparison.Ordinal) ? UserInfo().Replace(value, "$1:***@") : value,
        "password" => PostgresAddress.Parse(value).Text,
        var secret => $"({secret} not shown)",
    };

    private static string? SecretOf(string? store)
    {
        if (store is null) return null;
        // A connection string of Azure.
        if (store.Contains("AccountKey=", StringComparison.OrdinalIgnoreCase)
            || store.Contains("SharedAccessSignature=", StringComparison.OrdinalIgnoreCase))
        {
            return "key";
        }

        // Every option is checked at every start: another kind of value must not cost an exception, nor load the
        // driver.
        if (!store.StartsWith("postgres", StringComparison.OrdinalIgnoreCase))
            return null;
        try
        {
            return PostgresAddress.Parse(store).HasPassword ? "password" : null;
        }
        catch (PostgresStoreException)
        {
            // The start reports the error.
            return null;
        }
    }

    [GeneratedRegex("(://[^:/@]*):[^@]*@", RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();
}
