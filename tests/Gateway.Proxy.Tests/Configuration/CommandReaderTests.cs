using Gateway.Proxy.Configuration;
using Gateway.Proxy.Snapshots;

namespace Gateway.Proxy.Tests.Configuration;

public sealed class CommandReaderTests
{
    private readonly List<string> _problems = [];

    [UnixFact]
    public void Reads_a_program_with_all_that_it_is_given()
    {
        var server = Read(new ServerConfig
        {
            Command = "npx",
            Args = ["-y", "${PACKAGE}"],
            Env = new() { ["KEY"] = "${SECRET}", ["EMPTY"] = "" },
            Cwd = "/srv",
        });

        Assert.Empty(_problems);
        Assert.Null(server!.Url);
        Assert.Equal("stdio:npx", server.Address);
        Assert.Equal(["-y", "<PACKAGE>"], server.Command!.Arguments.AsEnumerable());
        Assert.Contains(KeyValuePair.Create("KEY", "<SECRET>"), server.Command.Environment);
        Assert.Equal("/srv", server.Command.WorkingDirectory);
    }

    [UnixFact]
    public void The_same_program_is_the_same_server_over_a_reload()
    {
        var one = Read(new ServerConfig { Command = "a", Args = ["x"], Env = new() { ["K"] = "v" } });
        var same = Read(new ServerConfig { Command = "a", Args = ["x"], Env = new() { ["K"] = "v" } });
        var other = Read(new ServerConfig { Command = "a", Args = ["x"], Env = new() { ["K"] = "w" } });

        Assert.Equal(one, same);
        Assert.Equal(one!.GetHashCode(), same!.GetHashCode());
        Assert.NotEqual(one, other);
    }

    [UnixFact]
    public void Refuses_what_is_neither_an_address_nor_a_program()
    {
        Read(new ServerConfig { Command = "a", Url = "http://127.0.0.1/" });
        Read(new ServerConfig { Command = "a", Headers = new() { ["X"] = "y" } });
        Read(new ServerConfig { Command = "" });
        Read(new ServerConfig { Command = "a", Cwd = "here" });
        Read(new ServerConfig { Command = "a", Env = new() { ["1=2"] = "" } });
        Read(new ServerConfig { Command = "a", Args = ["b\0c"] });
        Read(new ServerConfig { Url = "http://127.0.0.1/", Args = ["b"] });
        Read(new ServerConfig());

        Assert.Equal(
            [
                ": a server has a \"url\" or a \"command\", never both",
                "/headers: a program is sent no headers; give it what it needs in \"env\" or \"args\"",
                "/command: the program's path, or its name on PATH, is missing",
                "/cwd: \"here\" is not an absolute path",
                "/env/1=2: \"1=2\" is no name of a variable: letters, digits and _, no digit first",
                "/args/0: a NUL cannot be given to a program",
                ": \"args\", \"env\" and \"cwd\" belong to a \"command\"",
                ": a server needs \"url\", the address of its MCP endpoint, or \"command\", its program",
            ],
            _problems);
    }

    private ServerModel? Read(ServerConfig config) => new ServerReader(
        (pointer, message) => _problems.Add($"{pointer}: {message}"),
        static (_, text) => text.Replace("${", "<", StringComparison.Ordinal)
            .Replace("}", ">", StringComparison.Ordinal)).Read("files", config);
}
