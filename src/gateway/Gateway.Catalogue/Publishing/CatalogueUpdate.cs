using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using Gateway.Catalogue.Indexing;
using Gateway.Control.Network;

namespace Gateway.Catalogue.Publishing;

/// <summary>
/// The replacement of the index of public servers by a published catalogue. The content is read only after its
/// signature was verified, and the previous index stays until the new one is complete.
/// </summary>
public sealed class CatalogueUpdate(OutboundConnector connector)
{
    /// <summary>The end of the address of a signature, which is beside the catalogue.</summary>
    public const string SignatureEnding = ".sig";

    private const string KeyResource = "catalogue.pub";
    private const string UrlName = "CatalogueUrl";
    private const string Kept = "The previous index stays.";
    private const int SignatureBytesMax = 1 << 10;
    private const int RedirectsMax = 5;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>The address of the catalogue of this program's publisher; null if it was built without one.</summary>
    public static string? ShippedUrl => Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(static one => one.Key == UrlName)?.Value;

    /// <summary>Returns the public key of this program's publisher as PEM; null if it was built without one.</summary>
    public static string? ShippedKey()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(KeyResource);
        return stream is null ? null : new StreamReader(stream).ReadToEnd();
    }

    /// <summary>Replaces the index.</summary>
    /// <param name="from">The address of the catalogue, or its path.</param>
    /// <param name="key">The public key of the publisher (ECDSA, P-256) as PEM.</param>
    /// <param name="path">The path of the index.</param>
    /// <param name="force">
    /// True replaces a later catalogue by an earlier one. The result then stays until the next update or import, even
    /// if a later program contains a later catalogue.
    /// </param>
    /// <param name="cancellationToken">Cancels the update; the previous index stays.</param>
    /// <exception cref="IndexException">There was no update; the message has the reason and the next step.</exception>
    public async Task<UpdateReport> RunAsync(
        string from, string key, string path, bool force, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(from, PublishedCatalogue.BytesMax, cancellationToken);
        Verify(from, key, content, await ReadAsync(from + SignatureEnding, SignatureBytesMax, cancellationToken));
        try
        {
            return Replace(from, content, path, force);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IndexException($"The index {path} cannot be written: {e.Message} {Kept} "
                + "Free space or correct permissions in the data directory, then run the update again.", e);
        }
    }

    private static UpdateReport Replace(string from, byte[] content, string path, bool force)
    {
        PublishedHead head;
        try
        {
            head = PublishedCatalogue.ReadHead(new MemoryStream(content));
        }
        catch (IndexException e)
        {
            throw Unreadable(from, e);
        }

        var current = CurrentAt(path);
        if (head.MadeAt < current && !force)
        {
            throw new IndexException($"The catalogue {from} was made at {head.MadeAt:u}, and the current one is newer "
                + $"({current:u}). {Kept} To use the older catalogue nevertheless, add --force.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var made = path + ".new";
        // Another update that runs at the same time has this file open, so its creation is outside of the cleanup.
        using var stream = new FileStream(made, FileMode.Create, FileAccess.ReadWrite, FileShare.Delete, 1 << 16);
        try
        {
            PublishedCatalogue.Build(new MemoryStream(content), stream, isPublished: head.MadeAt >= current);
            stream.Flush(flushToDisk: true);
            var length = stream.Length;
            stream.Dispose();
            File.Move(made, path, overwrite: true);
            return new UpdateReport(head.MadeAt, head.Servers, head.Tools, content.Length, length);
        }
        catch (Exception e)
        {
            Discard(stream, made);
            throw e is IndexException ? Unreadable(from, e) : e;
        }
    }

    private static void Discard(FileStream stream, string path)
    {
        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
            // The disk is full, so the buffer cannot be written either; the first exception says so.
        }

        File.Delete(path);
    }

    /// <summary>Returns the time of the catalogue that is searched now, unless it is an import.</summary>
    private static DateTimeOffset CurrentAt(string path)
    {
        try
        {
            return PublicCatalogue.Open(path, out _) is { IsPublished: true } current
                ? current.MadeAt
                : PublicCatalogue.ShippedAt;
        }
        catch (IndexException)
        {
            return PublicCatalogue.ShippedAt;
        }
    }

    private static void Verify(string from, string key, byte[] content, byte[] signature)
    {
        using var verifier = ECDsa.Create();
        try
        {
            verifier.ImportFromPem(key);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new IndexException(
                $"The key is not an ECDSA public key in PEM: {e.Message} {Kept} Get the key from the publisher.", e);
        }

        if (verifier.KeySize != 256)
        {
            throw new IndexException(
                $"The key has {verifier.KeySize} bits, not 256. {Kept} Use a key on the curve P-256.");
        }

        if (!verifier.VerifyData(
            content, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
        {
            throw new IndexException($"The catalogue {from} is not signed by the expected key: it was changed, it is "
                + $"incomplete, or another publisher made it. {Kept} Download the catalogue again, or use --key with "
                + "the key of its publisher.");
        }
    }

    private async Task<byte[]> ReadAsync(string from, int bytesMax, CancellationToken cancellationToken)
    {
        if (Uri.TryCreate(from, UriKind.Absolute, out var url) && !url.IsFile)
            return await DownloadAsync(url, bytesMax, cancellationToken);
        try
        {
            await using var file = File.OpenRead(from);
            if (file.Length > bytesMax)
                throw TooLarge(from, bytesMax);
            var content = new byte[file.Length];
            await file.ReadExactlyAsync(content, cancellationToken);
            return content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IndexException($"{from} cannot be read: {e.Message} {Kept} Check the path and its "
                + "permissions.", e);
        }
    }

    private async Task<byte[]> DownloadAsync(Uri url, int bytesMax, CancellationToken cancellationToken)
    {
        using var http = GuardedHttp.NewClient(connector, static _ => AddressRule.Registered, Timeout, bytesMax);
        var next = url;
        for (var hop = 0; hop <= RedirectsMax; hop++)
        {
            if (next.Scheme != Uri.UriSchemeHttps && !(next.Scheme == Uri.UriSchemeHttp && next.IsLoopback))
                throw new IndexException($"{next} is not an https address. {Kept} Use https, or a file.");
            try
            {
                using var response = await http.GetAsync(next, cancellationToken);
                if (response is { StatusCode: >= HttpStatusCode.Moved and < HttpStatusCode.BadRequest }
                    && response.Headers.Location is { } location)
                {
                    next = new Uri(next, location);
                    continue;
                }

                return response.IsSuccessStatusCode
                    ? await response.Content.ReadAsByteArrayAsync(cancellationToken)
                    : throw new IndexException($"{next} responded with {(int)response.StatusCode}. {Kept} "
                        + "Verify the address, or download the file and its signature yourself and use --from FILE.");
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
            {
                throw TooLarge(next.ToString(), bytesMax);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or SocketException or ProxyException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw new IndexException($"{next} cannot be read: {e.Message} {Kept} Verify the network and its proxy, "
                    + "or download the file and its signature elsewhere and use --from FILE.", e);
            }
        }

        throw new IndexException($"{url} redirects more than {RedirectsMax} times. {Kept} Verify the address.");
    }

    private static IndexException TooLarge(string from, int bytesMax) =>
        new($"{from} has more than {bytesMax} bytes. {Kept} Verify the address.");

    private static IndexException Unreadable(string from, Exception e) => new(
        $"The catalogue {from} {e.Message}. {Kept} Use a catalogue that was published for this release.", e);
}

/// <summary>The result of an update.</summary>
/// <param name="MadeAt">The time of the catalogue.</param>
/// <param name="Servers">The number of servers.</param>
/// <param name="Tools">The number of tools.</param>
/// <param name="Bytes">The size of the catalogue.</param>
/// <param name="IndexBytes">The size of the index.</param>
public sealed record UpdateReport(DateTimeOffset MadeAt, int Servers, int Tools, long Bytes, long IndexBytes);
