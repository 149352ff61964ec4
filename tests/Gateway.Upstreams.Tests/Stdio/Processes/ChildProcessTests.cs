using Gateway.Proxy.Upstreams.Stdio.Processes;
using Gateway.Upstreams.Tests.Stdio.Native;

namespace Gateway.Upstreams.Tests.Stdio.Processes;

public sealed class ChildProcessTests
{
    [LinuxFact]
    public async Task Program_has_no_descriptor_of_the_gateway_but_its_three()
    {
        using var leaked = new LeakedDescriptor();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        // The second command keeps the shell, whose descriptors are listed, from becoming the first one.
        var start = new ChildStart("/bin/sh", ["-c", "ls /proc/$$/fd; true"], ["PATH=/usr/bin:/bin"], null);

        var child = ChildProcess.Start(start, out var word);
        using (word)
            word.Send("go\n"u8);
        using var output = new StreamReader(new NetworkStream(child.Output, ownsSocket: false));
        var descriptors = await output.ReadToEndAsync().WaitAsync(Soon.AtMost);

        Assert.Equal(["0", "1", "2"], descriptors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await Soon.UntilAsync(() => child.TryReap(static _ => { }), "the child has ended");
        Assert.Equal(0, await child.Exited);
        child.ClosePipes();
    }
}
