namespace Gateway.Postgres.Tests.Connections;

public sealed class DatabaseIdentityTests
{
    private static readonly DatabaseIdentity Before = new(1, 1, 100, HasSynchronousReplicas: false);

    [Fact]
    public void A_restarted_database_goes_on()
    {
        var guard = new DatabaseGuard();
        guard.Admit(Before, guard.Acknowledged);
        guard.Acknowledge(104);
        guard.Admit(Before with { NextTransaction = 105 }, guard.Acknowledged);
    }

    [Fact]
    public void A_view_from_before_the_last_write_is_no_step_back()
    {
        var guard = new DatabaseGuard();
        guard.Admit(Before, guard.Acknowledged);
        var acknowledged = guard.Acknowledged;
        guard.Acknowledge(104);
        guard.Admit(Before with { NextTransaction = 101 }, acknowledged);
    }

    [Fact]
    public void Refuses_another_database_a_lost_write_and_a_promotion_until_a_restart()
    {
        Refuses(Before with { System = 2 }, "another database");
        Refuses(Before with { NextTransaction = 104 }, "had confirmed");
        Refuses(Before with { Timeline = 2, NextTransaction = 200 }, "promoted");

        static void Refuses(DatabaseIdentity after, string reason)
        {
            var guard = new DatabaseGuard();
            guard.Admit(Before, guard.Acknowledged);
            guard.Acknowledge(104);
            var refusal = Assert.Throws<PostgresStoreException>(() => guard.Admit(after, guard.Acknowledged));
            Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
            Assert.Throws<PostgresStoreException>(() =>
                guard.Admit(Before with { NextTransaction = 300 }, guard.Acknowledged));
        }
    }

    [Fact]
    public void A_promotion_with_synchronous_replicas_goes_on()
    {
        var guard = new DatabaseGuard();
        guard.Admit(Before with { HasSynchronousReplicas = true }, guard.Acknowledged);
        guard.Acknowledge(104);
        guard.Admit(Before with { Timeline = 2, NextTransaction = 105 }, guard.Acknowledged);
    }
}
