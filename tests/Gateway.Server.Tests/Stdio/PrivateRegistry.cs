using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Stdio;

/// <summary>
/// A package registry as companies have them: its certificate is of a CA of their own, and its name leads somewhere
/// only through their proxy. It holds one package, a small MCP server.
/// </summary>
internal sealed class PrivateRegistry : IAsyncDisposable
{
    public const string Host = "registry.private.example";
    public const string Package = "tiny-mcp";

    private const string Program = """
        #!/usr/bin/env node
        const lines = require("node:readline").createInterface({ input: process.stdin });
        lines.on("line", (line) => {
          const { id, method } = JSON.parse(line);
          if (id === undefined) return;
          const serverInfo = { name: "tiny", version: "1" };
          const result = {
            initialize: { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo },
            "tools/list": { tools: [{ name: "hello", inputSchema: { type: "object" } }] },
          }[method];
          const error = { code: -32601, message: "Method not found" };
          console.log(JSON.stringify({ jsonrpc: "2.0", id, ...(result ? { result } : { error }) }));
        });
        """;

    private readonly WebApplication _app;
    private readonly ConnectProxy _proxy;

    private PrivateRegistry(WebApplication app, ConnectProxy proxy) => (_app, _proxy) = (app, proxy);

    /// <summary>The proxy's address, as <c>HTTPS_PROXY</c> has it.</summary>
    public string Proxy => _proxy.Address;

    /// <summary>The names that the proxy was asked for.</summary>
    public IReadOnlyCollection<string> Asked => _proxy.Asked;

    /// <summary>Writes the CA's certificate to <paramref name="caPath"/>.</summary>
    public static async Task<PrivateRegistry> StartAsync(string caPath)
    {
        var certificate = Certify(caPath);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        var archive = Archive();
        app.Run(http => http.Request.Path.Value switch
        {
            $"/{Package}" => http.Response.WriteAsync(Document(archive)),
            $"/{Package}/-/{Package}-1.0.0.tgz" => http.Response.Body.WriteAsync(archive).AsTask(),
            _ => NotFound(http),
        });
        await app.StartAsync();
        var port = new Uri(app.Urls.Single()).Port;
        return new PrivateRegistry(app, new ConnectProxy(port));
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static Task NotFound(HttpContext http)
    {
        http.Response.StatusCode = 404;
        return http.Response.WriteAsync("{}");
    }

    private static X509Certificate2 Certify(string caPath)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=A company's CA", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var ca = caRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        File.WriteAllText(caPath, ca.ExportCertificatePem());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.Create(ca, now.AddDays(-1), now.AddDays(29), RandomNumberGenerator.GetBytes(8));
        return made.CopyWithPrivateKey(key);
    }

    private static byte[] Archive()
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zip))
        {
            Add(tar, "package.json", $$"""{ "name": "{{Package}}", "version": "1.0.0", "bin": "index.js" }""");
            Add(tar, "index.js", Program);
        }

        return bytes.ToArray();
    }

    private static void Add(TarWriter tar, string name, string text) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"package/{name}")
        {
            DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
            Mode = (UnixFileMode)0b111_101_101,
        });

    private static string Document(byte[] archive) => $$"""
        { "name": "{{Package}}", "dist-tags": { "latest": "1.0.0" }, "versions": { "1.0.0": {
          "name": "{{Package}}", "version": "1.0.0", "bin": { "{{Package}}": "index.js" }, "dist": {
            "tarball": "https://{{Host}}/{{Package}}/-/{{Package}}-1.0.0.tgz",
            "integrity": "sha512-{{Convert.ToBase64String(SHA512.HashData(archive))}}" } } } }
        """;
}
