using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.ServiceDefaults.Endpoints;

namespace WhisperMesh.ServiceDefaults.Tests.Endpoints;

public sealed class WideMemoryPoolTests
{
    [Fact]
    public async Task AddMeshEndpoints_KestrelsPools_AreWide()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddMeshEndpoints();
        await using var app = builder.Build();

        using var pool = app.Services.GetRequiredService<IMemoryPoolFactory<byte>>().Create();

        pool.ShouldBeOfType<WideMemoryPool>();
    }

    [Fact]
    public void Rent_BlockGivenBackTwice_IsLentOnce()
    {
        using var pool = new WideMemoryPool();
        var block = pool.Rent();
        block.Dispose();
        block.Dispose();

        var first = pool.Rent();
        var second = pool.Rent();

        first.ShouldBeSameAs(block);
        second.ShouldNotBeSameAs(block);
    }

    [Fact]
    public void Rent_LargerThanBlock_Throws()
    {
        using var pool = new WideMemoryPool();

        Should.Throw<ArgumentOutOfRangeException>(() => pool.Rent(pool.MaxBufferSize + 1));
    }
}
