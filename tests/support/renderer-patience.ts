// The same patience for what the window's tests look for.
import { configure } from '@testing-library/react';

configure({ asyncUtilTimeout: 20_000 });
