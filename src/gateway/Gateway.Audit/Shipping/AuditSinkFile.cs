using System.Text.Json;
using Gateway.Audit.Files;

namespace Gateway.Audit.Shipping;

/// <summary>Reads the file that configures the sinks: one JSON object with one member for each sink.</summary>
public static class AuditSinkFile
{
    private const int SinksMax = 8;
    private const int NameLengthMax = 64;

    /// <summary>Returns the configured sinks.</summary>
    /// <exception cref="FormatException">
    /// The file cannot be read; the message gives the place and the valid values.
    /// </exception>
    public static IReadOnlyList<AuditSinkOptions> Read(string path)
    {
        try
        {
            var entries = JsonSerializer.Deserialize(
                File.ReadAllBytes(path), AuditSinkJson.Default.DictionaryStringAuditSinkEntry) ?? [];
            if (entries.Count > SinksMax)
                throw new FormatException($"{path} names {entries.Count} sinks; at most {SinksMax} are supported");
            var sinks = entries.Select(entry => Sink(path, entry.Key, entry.Value)).ToList();
            if (sinks.Where(static sink => sink.Kind == AuditSinkKind.Postgres).Skip(1).FirstOrDefault() is { } second)
                throw Wrong(
                    path, $"/{second.Name}/kind",
                    "a second table is not allowed, because all gateways share one table");
            return sinks;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"cannot be read: {path}: {e.Message}", e);
        }
    }

    private static AuditSinkOptions Sink(string path, string name, AuditSinkEntry entry)
    {
        var at = $"/{name}";
        if (name.Length is 0 or > NameLengthMax
            || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw Wrong(
                path, at,
                $"is not a valid sink name: use 1 to {NameLengthMax} letters, digits, hyphens and underscores");
        var kind = entry.Kind switch
        {
            "webhook" => AuditSinkKind.Webhook,
            "otlp" => AuditSinkKind.Otlp,
            "syslog" => AuditSinkKind.Syslog,
            "postgres" => AuditSinkKind.Postgres,
            _ => throw Wrong(path, at + "/kind", $"\"{entry.Kind}\" is not a kind of sink: write \"webhook\", "
                + "\"otlp\", \"syslog\" or \"postgres\""),
        };
        if (entry.OnFull is not ("block" or "drop"))
            throw Wrong(path, at + "/on_full", "must be \"block\" (keep records until they are shipped, and deny calls "
                + "when the "
                + "log is full) or \"drop\" (delete the oldest records, and count those that were not shipped)");
        if (UrlProblem(kind, entry.Url) is { } problem)
            throw Wrong(path, at + "/url", problem);
        if (MemberProblem(kind, entry) is var (member, why))
            throw Wrong(path, $"{at}/{member}", why);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return new AuditSinkOptions(name, kind, entry.Url!, entry.OnFull == "block")
        {
            IsOcsf = entry.Schema == "ocsf",
            TokenFile = Full(entry.TokenFile),
            TokenHeader = entry.TokenHeader,
            CaFile = Full(entry.CaFile),
            CertificateFile = Full(entry.CertificateFile),
            KeyFile = Full(entry.KeyFile),
            Retention = kind == AuditSinkKind.Postgres ? AuditRetention.Parse(entry.Retention, null, null).Age : null,
        };

        string? Full(string? file) => file is null ? null : Path.GetFullPath(file, folder);
    }

    private static string? UrlProblem(AuditSinkKind kind, string? text)
    {
        if (kind == AuditSinkKind.Postgres)
        {
            return text?.StartsWith("postgres://", StringComparison.Ordinal) == true
                ? null
                : "must be postgres://user@host:5432/database?sslmode=verify-full";
        }

        var (secure, plain) = kind == AuditSinkKind.Syslog
            ? ("tls", "tcp")
            : (Uri.UriSchemeHttps, Uri.UriSchemeHttp);
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && url.Host.Length > 0
            && (url.Scheme == secure || (url.Scheme == plain && url.IsLoopback))
            && (kind != AuditSinkKind.Syslog || (url.Port > 0 && url.PathAndQuery is "/" or "")))
        {
            return null;
        }

        return kind == AuditSinkKind.Syslog
            ? "must be tls://host:6514; tcp://127.0.0.1:PORT is accepted for this machine only"
            : "must be an https address without a user; http is accepted for this machine only";
    }

    /// <summary>
    /// Returns a member that does not apply to the kind of sink or has an invalid value, with the reason.
    /// </summary>
    private static (string Member, string Why)? MemberProblem(AuditSinkKind kind, AuditSinkEntry entry)
    {
        var isHttp = kind is AuditSinkKind.Webhook or AuditSinkKind.Otlp;
        if (entry.Schema is not (null or "gateway" or "ocsf"))
            return ("schema", "must be \"gateway\" (as in the log's files) or \"ocsf\"");
        if (kind == AuditSinkKind.Postgres)
        {
            if (entry.Schema == "ocsf")
                return ("schema", "must be \"gateway\" for a table, because gateways read the records in that form");
            if ((entry.CaFile ?? entry.CertificateFile ?? entry.KeyFile) is not null)
                return ("ca_file", "a database's certificates belong in its url: sslrootcert, sslcert, sslkey");
            if (entry.Retention is { } age && AuditRetention.Problem(age, null) is { } problem)
                return ("retention", problem);
        }
        else if (entry.Retention is not null)
        {
            return ("retention", "applies only to a \"postgres\" sink; other sinks decide how long they keep records");
        }

        if (kind == AuditSinkKind.Syslog && entry.TokenFile is not null)
            return ("token_file", "syslog has no token; use \"certificate_file\" and \"key_file\" instead");
        if (entry.TokenHeader is { } header
            && (!isHttp || entry.TokenFile is null || header.Length is 0 or > NameLengthMax
                || !header.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-')))
            return ("token_header", "must be a header name, on an HTTP sink with a \"token_file\"");
        return entry.CertificateFile is null == entry.KeyFile is null
            ? null
            : ("key_file", "\"certificate_file\" and \"key_file\" must be set together");
    }

    private static FormatException Wrong(string path, string pointer, string what) =>
        new($"is refused: {path} at {pointer}: {what}");
}

/// <summary>The protocol of a sink.</summary>
public enum AuditSinkKind
{
    /// <summary>JSON Lines, posted over HTTP.</summary>
    Webhook,

    /// <summary>OpenTelemetry log records as JSON over HTTP.</summary>
    Otlp,

    /// <summary>Syslog messages (RFC 5424) over TLS (RFC 5425).</summary>
    Syslog,

    /// <summary>A table, which all gateways of a fleet can share and read from.</summary>
    Postgres,
}
