using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Gateway.Postgres.Tests.Clusters.PostgresTestFramework", "Gateway.Postgres.Tests")]

namespace Gateway.Postgres.Tests.Clusters;

/// <summary>
/// Inherited tests know nothing of what a store needs, so their class says it, and the runner skips them with the
/// reason.
/// </summary>
public sealed class PostgresTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) =>
        new Discoverer(assemblyInfo, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Discoverer(IAssemblyInfo assembly, ISourceInformationProvider sources, IMessageSink messages)
        : XunitTestFrameworkDiscoverer(assembly, sources, messages)
    {
        protected override bool FindTestsForMethod(
            ITestMethod testMethod,
            bool includeSourceInformation,
            IMessageBus messageBus,
            ITestFrameworkDiscoveryOptions discoveryOptions)
        {
            var isSkipped = NeedsPostgresAttribute.Missing is not null
                && testMethod.TestClass.Class.ToRuntimeType().IsDefined(typeof(NeedsPostgresAttribute))
                && testMethod.Method.GetCustomAttributes(typeof(FactAttribute)).Any();
            return isSkipped
                ? ReportDiscoveredTestCase(
                    new SkippedCase(DiagnosticMessageSink, discoveryOptions, testMethod),
                    includeSourceInformation,
                    messageBus)
                : base.FindTestsForMethod(testMethod, includeSourceInformation, messageBus, discoveryOptions);
        }
    }
}
