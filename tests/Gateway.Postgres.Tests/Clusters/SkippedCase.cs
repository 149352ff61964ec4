using Xunit.Abstractions;
using Xunit.Sdk;

namespace Gateway.Postgres.Tests.Clusters;

/// <summary>An inherited test that is skipped, with its reason.</summary>
internal sealed class SkippedCase : XunitTestCase
{
    /// <summary>Only for the runner, which sends test cases between its processes.</summary>
    [Obsolete("For the runner.")]
    public SkippedCase()
    {
    }

    public SkippedCase(IMessageSink messages, ITestFrameworkDiscoveryOptions options, ITestMethod method)
        : base(messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) => PostgresBinaries.Missing;
}
