using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Gateway.Control.Definitions;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>The signature of a request for AWS (Signature Version 4).</summary>
/// <remarks>
/// It covers the method, the address, the host, the date, the type of the body and the hash of exactly the bytes that
/// are sent. Other headers are left out, because a proxy of AWS may change them.
/// </remarks>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string DateHeader = "X-Amz-Date";
    private const string HashHeader = "X-Amz-Content-Sha256";
    private const string TokenHeader = "X-Amz-Security-Token";

    /// <summary>Adds the signature to a request whose address and headers are complete.</summary>
    public static void Sign(
        HttpRequestMessage message, ReadOnlySpan<byte> body, AwsAccount account, DateTimeOffset now)
    {
        var url = message.RequestUri!;
        // Set here, so that the signed host is the one that is sent.
        message.Headers.Host = url.IsDefaultPort ? Bracketed(url) : $"{Bracketed(url)}:{url.Port}";
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        List<(string Name, string Value)> signed =
            [("host", message.Headers.Host), ("x-amz-content-sha256", hash), ("x-amz-date", Time(now))];
        Replace(message.Headers, DateHeader, Time(now));
        Replace(message.Headers, HashHeader, hash);
        message.Headers.Remove(TokenHeader);
        if (account.SessionToken is { } token)
        {
            message.Headers.TryAddWithoutValidation(TokenHeader, token);
            signed.Add(("x-amz-security-token", token));
        }

        if (message.Content?.Headers.NonValidated.TryGetValues("Content-Type", out var type) == true)
            signed.Add(("content-type", type.ToString()));
        Replace(message.Headers, "Authorization", Authorization(message.Method, url, signed, hash, account, now));
    }

    /// <summary>Returns the value of the header <c>Authorization</c>.</summary>
    /// <param name="method">The method.</param>
    /// <param name="url">The address.</param>
    /// <param name="headers">The headers to sign, each name in lower case.</param>
    /// <param name="bodyHash">The SHA-256 hash of the body, in lower-case hexadecimal digits.</param>
    /// <param name="account">The account.</param>
    /// <param name="now">The time.</param>
    internal static string Authorization(
        HttpMethod method, Uri url, IEnumerable<(string Name, string Value)> headers, string bodyHash,
        AwsAccount account, DateTimeOffset now)
    {
        var sorted = headers.OrderBy(static header => header.Name, StringComparer.Ordinal).ToList();
        var names = string.Join(';', sorted.Select(static header => header.Name));
        var request = new StringBuilder()
            .Append(method.Method).Append('\n').Append(Path(url)).Append('\n').Append(Query(url)).Append('\n');
        foreach (var (name, value) in sorted)
            request.Append(name).Append(':').Append(Folded(value)).Append('\n');
        request.Append('\n').Append(names).Append('\n').Append(bodyHash);

        var day = now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var scope = $"{day}/{account.Region}/{account.Service}/aws4_request";
        var text = $"{Algorithm}\n{Time(now)}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Bytes(request)))}";
        var key = Bytes($"AWS4{account.SecretAccessKey}");
        foreach (var part in (string[])[day, account.Region, account.Service, "aws4_request"])
            key = HMACSHA256.HashData(key, Bytes(part));
        return $"{Algorithm} Credential={account.AccessKeyId}/{scope}, SignedHeaders={names}, "
            + $"Signature={Convert.ToHexStringLower(HMACSHA256.HashData(key, Bytes(text)))}";
    }

    // AWS encodes the path that is on the wire once more, except for S3, and ignores empty segments.
    private static string Path(Uri url)
    {
        var path = url.AbsolutePath;
        var segments = string.Join(
            '/', path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.EscapeDataString));
        return segments.Length == 0 ? "/" : $"/{segments}{(path.EndsWith('/') ? "/" : "")}";
    }

    private static string Query(Uri url) => string.Join('&', url.Query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(static pair => pair.Split('=', 2))
        .Select(static pair => (Name: Encoded(pair[0]), Value: pair.Length > 1 ? Encoded(pair[1]) : ""))
        .OrderBy(static pair => pair.Name, StringComparer.Ordinal)
        .ThenBy(static pair => pair.Value, StringComparer.Ordinal)
        .Select(static pair => $"{pair.Name}={pair.Value}"));

    private static string Encoded(string part) => Uri.EscapeDataString(Uri.UnescapeDataString(part));

    private static string Folded(string value) =>
        string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Time(DateTimeOffset now) =>
        now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Bracketed(Uri url) =>
        url.HostNameType == UriHostNameType.IPv6 ? $"[{url.IdnHost}]" : url.IdnHost;

    private static void Replace(HttpRequestHeaders headers, string name, string value)
    {
        headers.Remove(name);
        headers.TryAddWithoutValidation(name, value);
    }

    private static byte[] Bytes(object text) => Encoding.UTF8.GetBytes(text.ToString()!);
}
