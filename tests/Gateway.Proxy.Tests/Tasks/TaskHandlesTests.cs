using Gateway.Proxy.Tasks;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Proxy.Tests.Tasks;

public sealed class TaskHandlesTests
{
    private static readonly TaskHandle Task = new("crm", "report", "call-1", "17");

    private readonly TaskHandles _handles = new(new EphemeralDataProtectionProvider());

    [Theory]
    [InlineData("support/digest-of-bob")]
    [InlineData("support")]
    [InlineData("other")]
    public void A_task_is_its_callers(string other)
    {
        var text = _handles.Seal("support/digest-of-ana", Task)!;

        Assert.Equal(Task, _handles.Open("support/digest-of-ana", text));
        Assert.Null(_handles.Open(other, text));
        Assert.Null(_handles.Known(other, Task.Server, Task.Id));
    }

    [Theory]
    [InlineData("17")]
    [InlineData("task-")]
    [InlineData("task-AAAA")]
    [InlineData("task-…")]
    public void An_id_that_was_not_sealed_is_no_task(string text) => Assert.Null(_handles.Open("support", text));
}
