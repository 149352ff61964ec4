using Gateway.Control.Contracts;

namespace Gateway.Control.Tests.ConfigFile;

public sealed class CommandReaderTests
{
    private readonly List<string> _problems = [];

    [UnixFact]
    public void Reads_a_program_with_all_that_it_is_given()
    {
        var server = Read(new ServerFile
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
        var one = Read(new ServerFile { Command = "a", Args = ["x"], Env = new() { ["K"] = "v" } });
        var same = Read(new ServerFile { Command = "a", Args = ["x"], Env = new() { ["K"] = "v" } });
        var other = Read(new ServerFile { Command = "a", Args = ["x"], Env = new() { ["K"] = "w" } });

        Assert.Equal(one, same);
        Assert.Equal(one!.GetHashCode(), same!.GetHashCode());
        Assert.NotEqual(one, other);
    }

    [UnixFact]
    public void Refuses_what_is_neither_an_address_nor_a_program()
    {
        Read(new ServerFile { Command = "a", Url = "http://127.0.0.1/" });
        Read(new ServerFile { Command = "a", Headers = new() { ["X"] = "y" } });
        Read(new ServerFile { Command = "" });
        Read(new ServerFile { Command = "a", Cwd = "here" });
        Read(new ServerFile { Command = "a", Env = new() { ["1=2"] = "" } });
        Read(new ServerFile { Command = "a", Args = ["b\0c"] });
        Read(new ServerFile { Url = "http://127.0.0.1/", Args = ["b"] });
        Read(new ServerFile());

        Assert.Equal(
            [
                ": a server cannot have both \"url\" and \"command\"; remove one",
                "/headers: a program receives no headers; pass such values in \"env\" or \"args\"",
                "/command: the program's path, or its name on PATH, is missing",
                "/cwd: \"here\" is not an absolute path; begin it with /",
                "/env/1=2: \"1=2\" is not a variable name; use letters, digits and _, with no digit first",
                "/args/0: a program cannot receive a NUL character; remove it",
                "/args: \"args\" is only for a server with \"command\"",
                ": a server needs \"url\", the address of its MCP endpoint, or \"command\", its program",
            ],
            _problems);
    }

    [UnixFact]
    public void Reads_whom_it_runs_as_and_what_it_may_take()
    {
        var server = Read(new ServerFile
        {
            Command = "a",
            User = Environment.IsPrivilegedProcess ? "65534:65534" : null,
            Ulimits = new ProgramLimits { MemoryBytes = 1025, CpuSeconds = 60, OpenFiles = 64, FileBytes = 513 },
            ChildrenMax = 2,
            IdleSeconds = 90,
        });

        Assert.Empty(_problems);
        var command = server!.Command!;
        Assert.Equal((2, TimeSpan.FromSeconds(90)), (command.ChildrenMax, command.IdleMax));
        Assert.Equal((1025, 60, 64, null), (command.Limits.MemoryBytes, command.Limits.CpuSeconds,
            command.Limits.OpenFiles, command.Limits.Processes));
        if (!Environment.IsPrivilegedProcess)
            return;
        Assert.Equal((65534u, 65534u), (command.User!.UserId, command.User.GroupId));
        Assert.Contains(KeyValuePair.Create("HOME", "/"), command.Environment);
    }

    [UnixFact]
    public void Names_each_bound_that_is_out_of_range_and_a_user_that_there_is_not()
    {
        Read(new ServerFile { Command = "a", ChildrenMax = 0, IdleSeconds = 604_801 });
        Read(new ServerFile { Command = "a", Ulimits = new ProgramLimits { OpenFiles = -1, MemoryBytes = 0 } });
        Read(new ServerFile { Command = "a", User = "no such user" });
        Read(new ServerFile { Url = "http://127.0.0.1/", User = "root", IdleSeconds = 1 });

        Assert.Equal(
            [
                "/childrenMax: 0 is not a whole number from 1 to 10000",
                "/idleSeconds: 604801 is not a whole number from 1 to 604800",
                "/ulimits/memoryBytes: 0 is not a whole number from 1 to 4611686018427387903",
                "/ulimits/openFiles: -1 is not a whole number from 1 to 2147483647",
                Environment.IsPrivilegedProcess
                    ? "/user: \"no such user\" is not a user in /etc/passwd; write its name, or numbers such as "
                        + "\"1000:1000\""
                    : "/user: the gateway does not run as root, so it cannot start a program as another user; "
                        + "change that, or omit \"user\"",
                "/user: \"user\" is only for a server with \"command\"",
                "/idleSeconds: \"idleSeconds\" is only for a server with \"command\"",
            ],
            _problems);
    }

    private ServerModel? Read(ServerFile config) => new ServerReader(
        (pointer, message) => _problems.Add($"{pointer}: {message}"),
        static (_, text) => text.Replace("${", "<", StringComparison.Ordinal)
            .Replace("}", ">", StringComparison.Ordinal)).Read("files", config);
}
