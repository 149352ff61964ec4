using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Gateway.Storage.Postgres.Connections;

/// <summary>Parses <c>postgres://…</c>. No message repeats the URL, because it may contain a password.</summary>
internal static partial class AddressReader
{
    private const string Form = "postgres://user:password@host:5432/database?sslmode=require";

    private const string Parameters =
        "sslmode, sslrootcert, sslcert, sslkey, sslpassword, application_name, host (a socket's folder)";

    private const int PortDefault = 5432;

    public static NpgsqlConnectionStringBuilder Read(string url)
    {
        var parts = Url().Match(url).Groups;
        if (!parts[0].Success)
            throw Refusal("is not a URL of the form " + Form
                + "; a character such as '@', '/', '#' or '?' in user or password must be percent-escaped (%40)");

        if ($"{parts["host"]}{parts["port"]}".Contains(',', StringComparison.Ordinal))
            throw Refusal("names several hosts. After a failover to a lagging replica, issued numbers could be "
                + "issued again; use one address that always leads to the primary");

        var connection = new NpgsqlConnectionStringBuilder
        {
            Username = Part(parts["user"].Value, "user"),
            Host = Uri.UnescapeDataString(parts["host"].Value).Trim('[', ']'),
            Port = ReadPort(parts["port"].Value),
            Database = Part(parts["database"].Value, "database"),
            // The driver would try Kerberos first. That bypasses the requested sslmode, and a missing Kerberos library
            // is reported on standard error.
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        if (parts["password"].Success) connection.Password = Uri.UnescapeDataString(parts["password"].Value);
        foreach (var pair in parts["query"].Value.Split('&', StringSplitOptions.RemoveEmptyEntries))
            ReadParameter(pair, connection);

        if (string.IsNullOrEmpty(connection.Host)) throw Refusal("has no host; the form is " + Form);
        return connection;
    }

    private static int ReadPort(string text)
    {
        if (text.Length == 0) return PortDefault;
        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : throw Refusal("has a port that is not between 1 and 65535");
    }

    private static string Part(string escaped, string name) =>
        escaped.Length > 0 ? Uri.UnescapeDataString(escaped) : throw Refusal($"has no {name}; the form is {Form}");

    private static void ReadParameter(string pair, NpgsqlConnectionStringBuilder connection)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? pair : pair[..equals];
        var value = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
        switch (name)
        {
            case "sslmode": connection.SslMode = ReadSslMode(value); break;
            case "sslrootcert": connection.RootCertificate = value; break;
            case "sslcert": connection.SslCertificate = value; break;
            case "sslkey": connection.SslKey = value; break;
            case "sslpassword": connection.SslPassword = value; break;
            case "application_name": connection.ApplicationName = value; break;
            case "host" when value.StartsWith('/'): connection.Host = value; break;
            case "password": throw Refusal("has its password as a parameter; it belongs before the host: " + Form);
            default: throw Refusal($"has an unknown parameter; the known ones are: {Parameters}");
        }
    }

    private static SslMode ReadSslMode(string value) => value switch
    {
        "disable" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "prefer" => SslMode.Prefer,
        "require" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        _ => throw Refusal("has an sslmode that is not one of disable, allow, prefer, require, verify-ca, verify-full"),
    };

    private static PostgresStoreException Refusal(string what) =>
        new($"The address of the PostgreSQL store {what}.");

    [GeneratedRegex(
        "^postgres(ql)?://((?<user>[^:@/?#]*)(:(?<password>[^@/?#]*))?@)?"
        + @"(?<host>\[[^\]]*\]|[^:@/?#]*)(:(?<port>[^/?#]*))?"
        + @"(/(?<database>[^/?#]*))?(\?(?<query>[^#]*))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Url();
}
