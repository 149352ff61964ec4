namespace Gateway.Tidy.Tests.Documents;

/// <summary>Code that opens outbound connections is listed with the rule for their addresses.</summary>
public sealed class ConnectionTests
{
    private const string Page = "docs/engineering/connections.md";

    /// <summary>Tries whether an address can be listened on.</summary>
    private const string Listening = "src/gateway/Gateway.Proxy/Edge/Listeners/ListenAddress.cs";

    private static readonly HashSet<string> Clients = new(StringComparer.Ordinal)
    {
        "SocketsHttpHandler", "HttpClientHandler", "HttpClient", "Socket", "TcpClient", "UdpClient", "SmtpClient",
        "ClientWebSocket", "NpgsqlConnection", "NpgsqlDataSourceBuilder", "BlobServiceClient", "TableServiceClient",
        "QueueServiceClient", "DefaultAzureCredential",
    };

    [Fact]
    public void File_that_makes_a_client_or_a_socket_is_listed_with_its_rule()
    {
        var listed = Regex.Matches(Repository.Read(Page), "`(src/[^`]+)`")
            .Select(static match => match.Groups[1].Value).ToList();
        var files = Repository.Sources
            .Where(static file => Repository.IsUnder(file.Path, "src") && file.Path != Listening)
            .Where(static file => file.Syntax.DescendantNodes().Any(Connects))
            .Select(static file => file.Path).ToList();

        Assert.True(files.Count > 10, $"{files.Count} files make a client or a socket");
        Offence.AssertNone(
            from file in files
            where !listed.Exists(path => file == path || Repository.IsUnder(file, path))
            select new Offence(file, 0, $"opens connections; say in {Page} to which addresses"));
    }

    [Theory]
    [InlineData("new SocketsHttpHandler { UseProxy = false }", true)]
    [InlineData("new System.Net.Sockets.Socket(a, b, c)", true)]
    [InlineData("new HttpRequestMessage(a, b)", false)]
    public void Catches_a_client(string expression, bool connects) => Assert.Equal(
        connects, CSharpSyntaxTree.ParseText($"_ = {expression};").GetRoot().DescendantNodes().Any(Connects));

    private static bool Connects(SyntaxNode node) =>
        node is ObjectCreationExpressionSyntax made
        && Clients.Contains(made.Type.ToString().Split('.')[^1]);
}
