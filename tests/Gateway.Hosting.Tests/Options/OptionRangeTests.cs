using Gateway.Hosting.Composition;
using Gateway.Hosting.Options;
using Gateway.Limits.Model;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hosting.Tests.Options;

/// <summary>No gateway is put together with an option that is out of its range.</summary>
public sealed class OptionRangeTests
{
    [Fact]
    public void Takes_every_default()
    {
        var services = new ServiceCollection().AddSingleton<ILimiter>(static _ => throw new NotSupportedException());

        Assert.NotEmpty(services.AddGateway(new GatewayOptions()));
    }

    [Fact]
    public void Denies_when_options_are_out_of_range_and_names_each_with_its_range()
    {
        var options = new GatewayOptions
        {
            Programs = new() { ProgramsMax = 0 },
            Audit = new() { FileBytesMax = 1 },
            StoreLoss = new() { LastKnownFor = TimeSpan.FromSeconds(61) },
        };

        var refused = Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddGateway(options));

        Assert.Contains(
            "--programs-max (GATEWAY_PROGRAMS_MAX) must be between 1 and 2147483647.",
            refused.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "FileBytesMax must be between 4096 and 1099511627776.", refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            "--on-control-loss (GATEWAY_ON_CONTROL_LOSS) must be between 00:00:00 and 00:01:00.",
            refused.Message,
            StringComparison.Ordinal);
    }
}
