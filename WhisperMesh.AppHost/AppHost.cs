// The mesh, as design draws it.
return 0;
