using Gateway.Control.Contracts;

namespace Gateway.Control.Tests.Contracts;

public sealed class AlertSpecTests
{
    [Fact]
    public void The_published_schema_has_every_member() => SchemaFile.AssertCurrent(
        static schema => SchemaFile.WithMembers(schema, SpecJson.Default.AlertSpec));
}
