using Gateway.Control.Definitions;

namespace Gateway.Control.Tests.ConfigFile;

public sealed class ConfigReferenceTests : IDisposable
{
    private const string Head = """
        # Every member of the configuration file
        Written from the schema, which a gateway serves as `/schemas/gateway-v1.json`. A test compares the two, loads every
        example, and asks the loader what it says of wrong values;
        `GATEWAY_UPDATE=1 dotnet test tests/Gateway.Control.Tests --filter ConfigReferenceTests` writes the page anew.
        `docs/how-to/servers.md` says more of credentials and programs, `docs/how-to/policy.md` of policies and lists. A member that
        names no version is there since 0.1.

        A member that is not on this page is refused. A problem is told with the file, line, column and place. One problem
        refuses the whole file, and what was in force stays. `gateway config validate FILE` checks a file and starts nothing.
        """;

    private readonly TestFolder _folder = new();

    [Fact]
    public void The_page_says_what_the_schema_and_the_loader_say()
    {
        _folder.File("policies/support.json", """{ "version": "1", "default": "deny" }""");
        var page = SourceTree.PathOf("docs", "reference", "gateway-json.md");
        var now = new SchemaReference(ConfigLoader.Schema.Utf8, Problems).Write(Head);
        if (Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1") File.WriteAllText(page, now);

        Assert.Equal(now.Split('\n'), File.ReadAllText(page).Split('\n'));
    }

    public void Dispose() => _folder.Dispose();

    // Who runs this may not be allowed to start programs as somebody else, and has no certificates of the examples.
    private (string Pointer, string Message)[] Problems(string document) =>
    [
        .. ConfigLoader.Load(_folder.File("gateway.json", document), static name => $"secret-of-{name}").Problems
            .Where(static problem => ProgramUser.WhyNot() is not { } why || !problem.Message.StartsWith(why))
            .Where(static problem => !problem.Message.StartsWith("there is no file /etc/gateway/"))
            .Select(static problem => (problem.Pointer, problem.Message)),
    ];
}
