using System.Security.Cryptography;
using Gateway.Control.Definitions;

namespace Gateway.Control.Tests.ConfigFile;

public sealed class ConfigReferenceTests : IDisposable
{
    private const string Head = """
        # Every member of the configuration file
        Generated from the schema that a gateway serves as `/schemas/gateway-v1.json`. A member that is not on this page is refused.
        One error refuses the whole file, and the previous one stays in effect. `gateway config validate FILE` checks a file.
        """;

    private readonly TestFolder _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public void The_page_says_what_the_schema_and_the_loader_say()
    {
        _folder.File("policies/support.json", """{ "version": "1", "default": "deny" }""");
        var page = SourceTree.PathOf("docs", "reference", "gateway-json.md");
        var now = new SchemaReference(ConfigLoader.Schema.Utf8, Problems).Write(Head);
        if (Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1") File.WriteAllText(page, now);

        Assert.Equal(now.Split('\n'), File.ReadAllText(page).Split('\n'));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _key.Dispose();
    }

    private string? Variable(string name) =>
        name.EndsWith("_PEM", StringComparison.Ordinal) ? _key.ExportPkcs8PrivateKeyPem() : $"secret-of-{name}";

    // Who runs this may not be allowed to start programs as somebody else, and has no certificates of the examples.
    private (string Pointer, string Message)[] Problems(string document) =>
    [
        .. ConfigLoader.Load(_folder.File("gateway.json", document), Variable).Problems
            .Where(static problem => ProgramUser.WhyNot() is not { } why || !problem.Message.StartsWith(why))
            .Where(static problem => !problem.Message.StartsWith("there is no file /etc/gateway/"))
            .Select(static problem => (problem.Pointer, problem.Message)),
    ];
}
