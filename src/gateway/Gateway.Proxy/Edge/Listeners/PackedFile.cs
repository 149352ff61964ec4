using System.IO.Compression;
using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// A file that the build compressed with Brotli and embedded in an assembly. No copy of it stays in memory.
/// </summary>
/// <param name="assembly">The assembly.</param>
/// <param name="resource">The name of the file there.</param>
public sealed class PackedFile(Assembly assembly, string resource)
{
    /// <summary>Returns the file as it was embedded.</summary>
    public Stream OpenPacked() => assembly.GetManifestResourceStream(resource)
        ?? throw new InvalidOperationException($"{resource} is not embedded in this assembly.");

    /// <summary>Returns the content of the file.</summary>
    public byte[] Read()
    {
        using var content = new MemoryStream();
        using var brotli = new BrotliStream(OpenPacked(), CompressionMode.Decompress);
        brotli.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>Sends the file, compressed if the client accepts it.</summary>
    public async Task SendAsync(HttpContext http)
    {
        http.Response.Headers.Vary = "Accept-Encoding";
        var isPacked = http.Request.Headers.AcceptEncoding
            .Any(static value => value?.Split(',').Any(static one => one.Trim() == "br") == true);
        if (isPacked)
            http.Response.Headers.ContentEncoding = "br";
        await using var file = isPacked ? OpenPacked() : new MemoryStream(Read());
        http.Response.ContentLength = file.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await file.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}
