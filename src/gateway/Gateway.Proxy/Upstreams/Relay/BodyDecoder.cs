using System.IO.Compression;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>A decoder for a body that is compressed although identity was requested, if it must be read.</summary>
internal static class BodyDecoder
{
    private const int LayersMax = 2;

    /// <summary>
    /// Opens the decoded body; returns false if the encoding is unknown, because an unreadable body cannot be
    /// evaluated.
    /// </summary>
    public static bool TryOpen(UpstreamResponse answer, out Stream body)
    {
        body = answer.Body;
        if (answer.Header("Content-Encoding") is not { } encodings)
            return true;

        var layers = encodings.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (layers.Length > LayersMax)
            return false;
        for (var i = layers.Length - 1; i >= 0; i--)
        {
            if (Open(layers[i].ToLowerInvariant(), body) is not { } opened)
                return false;
            body = opened;
        }

        return true;
    }

    private static Stream? Open(string encoding, Stream body) => encoding switch
    {
        "identity" => body,
        "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
        "deflate" => new ZLibStream(body, CompressionMode.Decompress),
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        _ => null,
    };
}
