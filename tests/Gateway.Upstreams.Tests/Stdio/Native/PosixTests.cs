using Gateway.Proxy.Upstreams.Stdio.Native;

namespace Gateway.Upstreams.Tests.Stdio.Native;

public sealed class PosixTests
{
    [LinuxFact]
    public void Close_on_exec_is_set_on_descriptors_from_the_least_one_on()
    {
        using var leaked = new LeakedDescriptor();

        Posix.CloseOnExec(leaked.Number + 1);
        Assert.False(leaked.IsCloseOnExec);
        Posix.CloseOnExec(leaked.Number);
        Assert.True(leaked.IsCloseOnExec);
    }
}
