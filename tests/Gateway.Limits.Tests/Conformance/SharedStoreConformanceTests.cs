using Gateway.Limits.Model;

namespace Gateway.Limits.Tests.Conformance;

public sealed class SharedStoreConformanceTests : ReservationStoreConformance
{
    protected override IReservationStore Store { get; } = new SharedStore();
}
