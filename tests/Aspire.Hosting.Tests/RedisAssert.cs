using StackExchange.Redis;

namespace Aspire.Hosting.Tests;

/// <summary>What the project asks of any server: strings, Lua, pub/sub, and a closed door.</summary>
internal static class RedisAssert
{
    public static async Task WorksAsync(string connectionString)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(connectionString);
        var database = connection.GetDatabase();
        await database.StringSetAsync("key", "value", TimeSpan.FromMinutes(1));

        ((string?)await database.ScriptEvaluateAsync("return redis.call('GET', KEYS[1])", ["key"])).ShouldBe("value");

        var received = new TaskCompletionSource<string?>();
        var channel = RedisChannel.Literal("channel");
        await connection.GetSubscriber().SubscribeAsync(channel, (_, message) => received.TrySetResult(message));
        await database.PublishAsync(channel, "hello");
        (await received.Task.WaitAsync(TestApplication.Bound, TestApplication.Token)).ShouldBe("hello");
    }

    public static async Task IsClosedAsync(string address)
    {
        var options = ConfigurationOptions.Parse(address);
        options.ConnectTimeout = 2000;
        options.ConnectRetry = 1;
        await Should.ThrowAsync<RedisException>(async () =>
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
            await connection.GetDatabase().StringGetAsync("key");
        });
    }
}
